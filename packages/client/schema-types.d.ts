// What the client's declarations need of the schema library: the input and output type of each kind of schema. In the
// published package it takes the library's place, so that a game that only uses the client does not install it.

export interface ZodType<Output = unknown, Input = Output, _Internals = unknown> {
  _zod: { output: Output; input: Input }
}
export type output<Schema> = Schema extends ZodType<infer Output, unknown> ? Output : never
export type input<Schema> = Schema extends ZodType<unknown, infer Input> ? Input : never

type Flat<T> = { [Key in keyof T]: T[Key] } & {}
type MayBeMissing<Shape, Side extends 'input' | 'output'> = {
  [Key in keyof Shape]: Shape[Key] extends { _optional: Record<Side, true> } ? Key : never
}[keyof Shape]
type ObjectOutput<Shape> = Flat<
  { [Key in Exclude<keyof Shape, MayBeMissing<Shape, 'output'>>]: output<Shape[Key]> } & {
    [Key in MayBeMissing<Shape, 'output'>]?: output<Shape[Key]>
  }
>
type ObjectInput<Shape> = Flat<
  { [Key in Exclude<keyof Shape, MayBeMissing<Shape, 'input'>>]: input<Shape[Key]> } & {
    [Key in MayBeMissing<Shape, 'input'>]?: input<Shape[Key]>
  }
>

export interface ZodObject<Shape = Record<string, ZodType>, _Config = unknown>
  extends ZodType<ObjectOutput<Shape>, ObjectInput<Shape>> {
  shape: Shape
}
export interface ZodOptional<Inner> extends ZodType<output<Inner> | undefined, input<Inner> | undefined> {
  _optional: { input: true; output: true }
}
export interface ZodDefault<Inner> extends ZodType<Exclude<output<Inner>, undefined>, input<Inner> | undefined> {
  _optional: { input: true }
}
export interface ZodUnknown extends ZodType<unknown, unknown> {}
export interface ZodString extends ZodType<string> {}
export interface ZodNumber extends ZodType<number> {}
export interface ZodInt extends ZodType<number> {}
export interface ZodBoolean extends ZodType<boolean> {}
export interface ZodEnum<Values> extends ZodType<Values[keyof Values]> {}
export interface ZodLiteral<Value> extends ZodType<Value> {}
export interface ZodNullable<Inner> extends ZodType<output<Inner> | null, input<Inner> | null> {}
export interface ZodArray<Item> extends ZodType<output<Item>[], input<Item>[]> {}
export interface ZodRecord<Key, Value>
  extends ZodType<Record<output<Key> & string, output<Value>>, Record<output<Key> & string, input<Value>>> {}
export interface ZodUnion<Options extends readonly unknown[]>
  extends ZodType<output<Options[number]>, input<Options[number]>> {}
export interface ZodDiscriminatedUnion<Options extends readonly unknown[], _Key = string>
  extends ZodType<output<Options[number]>, input<Options[number]>> {}
export interface ZodTuple<Items extends readonly unknown[] = readonly ZodType[], _Rest = null>
  extends ZodType<
    { -readonly [Index in keyof Items]: output<Items[Index]> },
    { -readonly [Index in keyof Items]: input<Items[Index]> }
  > {}

export declare namespace core {
  type $strict = object
  type $ZodTypeInternals<_Output, _Input> = unknown
}
