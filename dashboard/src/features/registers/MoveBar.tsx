import { ThunderboltOutlined } from '@ant-design/icons'
import type { WholeRecord } from '@roomkeeper/shared/http'
import { type Move, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { movesInOrder } from './record-fields.ts'
import { SignDialog } from './SignDialog.tsx'
import type { Moves } from './use-moves.tsx'
import { useFollows } from './use-turn-words.ts'

interface Props {
  definition: RegisterDefinition
  record: WholeRecord
  moves: Moves
}

/** What this person can do with the record now. */
export function MoveBar({ definition, record, moves }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const { asked } = moves
  const possible = movesInOrder(definition, record.moves).filter(
    // What was never begun need not be thrown away.
    (move) => record.id !== 0 || !stateOf(definition, move.to)?.void,
  )
  const isVoid = (move: Move) => stateOf(definition, move.to)?.void === true
  const isSignOff = (move: Move) => !move.danger && !move.commentRequired && !move.emergency && !isVoid(move)
  // What is kept saves itself: a large button would be taken for “save”.
  const main = record.phase === 'kept' ? undefined : possible.find(isSignOff)
  if (possible.length === 0) return null
  return (
    <>
      {moves.error !== null && <Alert type="error" showIcon role="alert" className="record-alert" title={words.error(moves.error)} />}
      {moves.problems.length > 0 && (
        <Alert type="error" showIcon role="alert" className="record-alert" title={t('move.problems', { count: moves.problems.length })} />
      )}
      <div className="form-actions record-moves no-print" data-testid="record-moves">
        {possible.map((move) => (
          <Button
            key={move.name}
            size="large"
            // What throws the record away is there, and does not look like the next thing to do.
            type={move === main ? 'primary' : isVoid(move) ? 'text' : 'default'}
            danger={move.danger === true || move.emergency === true}
            icon={move.emergency ? <ThunderboltOutlined /> : undefined}
            loading={moves.running === move.name}
            disabled={moves.running !== null && moves.running !== move.name}
            data-testid={`move-${move.name}`}
            onClick={() => void moves.start(move)}
          >
            {words.of(move.label)}
          </Button>
        ))}
      </div>
      {asked && (
        <SignDialog
          title={[words.of(asked.label), record.number, record.title].filter(Boolean).join(' · ')}
          okText={words.of(asked.label)}
          signature={asked.signature}
          comment={asked.commentRequired || asked.emergency ? 'required' : 'offered'}
          isDanger={asked.danger === true || asked.emergency === true}
          note={<MoveNote definition={definition} move={asked} />}
          onSign={(signed) => moves.make(asked, signed)}
          onClose={moves.close}
        />
      )}
    </>
  )
}

/** What follows from the move: how it becomes, whose turn it will be, and until when. */
function MoveNote({ definition, move }: { definition: RegisterDefinition; move: Move }) {
  const { t } = useTranslation('registers')
  const follows = useFollows(definition, move)
  if (move.emergency)
    return <Alert type="warning" showIcon icon={<ThunderboltOutlined />} title={t('move.emergency')} description={follows} />
  if (stateOf(definition, move.to)?.void) return <Alert type="warning" showIcon title={t('move.void')} />
  return <p className="muted">{follows}</p>
}
