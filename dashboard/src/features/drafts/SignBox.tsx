import { Button, Input } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { DraftStatusLine } from './DraftStatus.tsx'
import type { DraftState } from './draft.ts'

interface Props<F> {
  /** Who signs. */
  name: string
  password: string
  onPassword(password: string): void
  errors: Readonly<Record<string, string>>
  /** Of the draft; absent where what is signed is not written here. */
  state?: DraftState<F>
  isSubmitting: boolean
  submitLabel: string
  /** Prefix of the test ids, e.g. `incident`. */
  testId: string
  /** What stands between the button and the state of the draft. */
  children?: ReactNode
}

/** The end of every form that is signed: password as signature, what is wrong with the whole, submit, and the state of the draft. */
export function SignBox<F = never>({ name, password, onPassword, errors, state, isSubmitting, submitLabel, testId, children }: Props<F>) {
  const { t } = useTranslation()
  return (
    <div className="sign-box">
      <Field label={t('sign.password', { name })} required error={errors.password} hint={t('sign.hint')}>
        <Input.Password
          value={password}
          autoComplete="current-password"
          data-testid={`${testId}-password`}
          onChange={(event) => onPassword(event.target.value)}
        />
      </Field>
      {errors.form && (
        <div className="field-error" role="alert">
          {errors.form}
        </div>
      )}
      <div className="form-actions">
        <Button
          type="primary"
          htmlType="submit"
          loading={isSubmitting}
          disabled={state?.status === 'conflict'}
          data-testid={`${testId}-submit`}
        >
          {submitLabel}
        </Button>
        {children}
        {state && <DraftStatusLine state={state} />}
      </div>
    </div>
  )
}
