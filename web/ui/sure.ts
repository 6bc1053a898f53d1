import { shallowRef } from 'vue'

/** A question before something that cannot be undone; the browser's own box would stop the sound of alarms. */
export const asked = shallowRef<{ readonly text: string; readonly answer: (yes: boolean) => void } | null>(null)

/** Asks in the page and waits for the answer; a question that is asked over another one refuses the first. */
export function sure(text: string): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((done) => {
    asked.value = {
      text,
      answer(yes) {
        asked.value = null
        done(yes)
      },
    }
  })
}
