import type { SavedPlan } from '@roomkeeper/shared/http'
import type { FloorPlan } from '@roomkeeper/shared/model'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, errorCode, errorIssues, queries } from '../../client/api.ts'
import { queryClient } from '../../client/query-client.ts'
import { useWords } from '../../i18n/use-words.ts'
import { showToast } from '../../ui/toasts.tsx'

export interface PlanSave {
  /** The version that the plan on the screen was made from. */
  version: number
  author: string | null
  isDirty: boolean
  isSaving: boolean
  /** What someone else saved meanwhile. */
  conflict: SavedPlan | null
  run: (settled: () => void) => Promise<void>
  /** Saves over what the other saved; theirs stays among the versions. */
  saveOver: () => Promise<void>
  takeTheirs: () => void
  putOff: () => void
}

interface Options {
  roomId: number
  opened: SavedPlan
  plan: FloorPlan
  load: (saved: SavedPlan) => void
}

/** Saving with the version that was opened: who is late is told, and decides. */
export function usePlanSave({ roomId, opened, plan, load }: Options): PlanSave {
  const { t } = useTranslation('plan')
  const words = useWords()
  const navigate = useNavigate()
  const [base, setBase] = useState<SavedPlan>(opened)
  const [savedPlan, setSavedPlan] = useState<FloorPlan | null>(opened.plan)
  const [isSaving, setIsSaving] = useState(false)
  const [conflict, setConflict] = useState<SavedPlan | null>(null)

  async function put(version: number): Promise<boolean> {
    setIsSaving(true)
    try {
      const saved = await api.floorPlans.put({ roomId, version, plan })
      queryClient.setQueryData(queries.floorPlans.get.queryKey({ input: { roomId } }), saved)
      setBase(saved)
      setSavedPlan(plan)
      setConflict(null)
      showToast({ kind: 'success', text: t('editor.saved', { version: saved.version }) })
      return true
    } catch (error) {
      if (errorCode(error) === 'CONFLICT') setConflict(await api.floorPlans.get({ roomId }))
      else {
        const [issue] = errorIssues(error)
        showToast({ kind: 'error', text: issue ? words.half(issue.message) : words.error(error) })
      }
      return false
    } finally {
      setIsSaving(false)
    }
  }

  return {
    version: base.version,
    author: base.author,
    isDirty: plan !== savedPlan,
    isSaving,
    conflict,
    run: async (settled) => {
      const isFirst = base.version === 0
      if (!(await put(base.version)) || !isFirst) return
      // A newcomer wants to see the room now.
      settled()
      await navigate(`/rooms/${roomId}`)
    },
    saveOver: async () => {
      if (conflict) await put(conflict.version)
    },
    takeTheirs: () => {
      if (!conflict) return
      load(conflict)
      setBase(conflict)
      setSavedPlan(conflict.plan)
      setConflict(null)
    },
    putOff: () => setConflict(null),
  }
}
