import { byId } from '../dom.ts'

/** Asks once whether the seat is to be given up for good. */
export function confirmLeaving(leave: () => void): void {
  const dialog = byId('leaving', HTMLDialogElement)
  dialog.returnValue = 'stay'
  dialog.onclose = () => {
    if (dialog.returnValue === 'leave') leave()
  }
  dialog.showModal()
}
