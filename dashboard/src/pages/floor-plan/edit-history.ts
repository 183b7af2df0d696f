import type { FloorPlan } from '@roomkeeper/shared/model'

/** A plan being edited, with the way back. */
export interface EditState {
  plan: FloorPlan
  selected: ReadonlySet<string>
  past: readonly FloorPlan[]
  future: readonly FloorPlan[]
  /** What the last change was part of (one drag, typing into one field): the next of the same is undone together with it. */
  gesture: string | null
}

export type EditAction =
  | { type: 'change'; plan: FloorPlan; gesture?: string; selected?: ReadonlySet<string> }
  | { type: 'select'; selected: ReadonlySet<string> }
  /** The drag has ended, the field was left. */
  | { type: 'settle' }
  | { type: 'undo' }
  | { type: 'redo' }
  /** Another plan altogether: nothing to undo. */
  | { type: 'load'; plan: FloorPlan }

/** More steps than anyone goes back; each is a reference, as unchanged items are shared. */
const STEPS_MAX = 200

export function beginEdit(plan: FloorPlan): EditState {
  return { plan, selected: new Set(), past: [], future: [], gesture: null }
}

export function edit(state: EditState, action: EditAction): EditState {
  switch (action.type) {
    case 'change': {
      const selected = action.selected ?? state.selected
      if (action.plan === state.plan) return { ...state, selected }
      const gesture = action.gesture ?? null
      const isSame = gesture !== null && gesture === state.gesture
      const past = isSame ? state.past : [...state.past, state.plan].slice(-STEPS_MAX)
      return { plan: action.plan, selected, past, future: [], gesture }
    }
    case 'select':
      return { ...state, selected: action.selected, gesture: null }
    case 'settle':
      return { ...state, gesture: null }
    case 'undo': {
      const plan = state.past.at(-1)
      if (!plan) return state
      return { ...goTo(state, plan), past: state.past.slice(0, -1), future: [state.plan, ...state.future] }
    }
    case 'redo': {
      const [plan, ...future] = state.future
      if (!plan) return state
      return { ...goTo(state, plan), past: [...state.past, state.plan], future }
    }
    case 'load':
      return beginEdit(action.plan)
  }
}

/** What is gone cannot stay selected. */
function goTo(state: EditState, plan: FloorPlan): EditState {
  const ids = new Set(plan.items.map(({ id }) => id))
  return { ...state, plan, selected: new Set([...state.selected].filter((id) => ids.has(id))), gesture: null }
}
