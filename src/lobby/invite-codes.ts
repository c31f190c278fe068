import type { NewId } from '../ports.ts'

// What an id is made of, 64 characters, and what a person can read out and type: 32, without 0 O 1 I.
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const LENGTH = 10

/** A code to be passed on by people: 10 characters without look-alikes, as unguessable as 50 bits of an id. */
export function newCode(newId: NewId): string {
  let code = ''
  while (code.length < LENGTH) {
    // Half as many characters to choose from: each of them stands for two of the id's, so that all are equally likely.
    for (const char of newId()) code += CODE_ALPHABET[ID_ALPHABET.indexOf(char) % CODE_ALPHABET.length] ?? ''
  }
  return code.slice(0, LENGTH)
}

/** A code as it was made, however it was typed: spaces, dashes and small letters do not matter. */
export const typedCode = (typed: string): string => typed.replace(/[\s-]/g, '').toUpperCase()
