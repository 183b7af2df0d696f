import { DownOutlined, UpOutlined } from '@ant-design/icons'
import type { RoomThermal } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../client/api.ts'
import { dateText } from '../../i18n/format.ts'
import { QueryView } from '../../ui/states.tsx'
import { Countdown } from './Countdown.tsx'
import { isWide } from './countdown.ts'
import { Gaps } from './Gaps.tsx'
import { UpsTruth } from './UpsTruth.tsx'
import './thermal.css'

const MINUTE_MS = 60_000

/** On a room's page: how long without cooling, a countdown while it is lost, and what its UPSes are worth. */
export function ThermalPanel({ roomId }: { roomId: number }) {
  const { t } = useTranslation('thermal')
  const [isOpen, setIsOpen] = useState(false)
  const query = useQuery({ ...queries.thermal.room.queryOptions({ input: { roomId } }), refetchInterval: 15_000 })
  return (
    <QueryView query={query}>
      {(data) => {
        const thermal = data as RoomThermal
        return (
          <section className="panel thermal" aria-label={t('title')} data-testid="thermal">
            {thermal.running && <Countdown running={thermal.running} />}
            <div className="thermal-line">
              {thermal.running === null && <QuietLine thermal={thermal} />}
              <Button
                size="small"
                type="text"
                className="thermal-more"
                icon={isOpen ? <UpOutlined /> : <DownOutlined />}
                aria-expanded={isOpen}
                data-testid="thermal-details"
                onClick={() => setIsOpen(!isOpen)}
              >
                {t(isOpen ? 'hide' : 'details')}
              </Button>
            </div>
            {isOpen && (
              <div className="thermal-details">
                <p className="muted">
                  <SourcesText thermal={thermal} />
                </p>
                <UpsTruth roomId={roomId} />
                <Gaps roomId={roomId} limitCelsius={thermal.quiet?.limitCelsius ?? null} />
              </div>
            )}
          </section>
        )
      }}
    </QueryView>
  )
}

/** “Without cooling about 25 min to 32 °C, learned from 3 times”; or why that is not known. */
function QuietLine({ thermal }: { thermal: RoomThermal }) {
  const { t } = useTranslation('thermal')
  const { quiet, learned, sources } = thermal
  if (!quiet) return null
  const { forecast, limitCelsius: limit, celsius, atMs: fromMs } = quiet
  const basis = learned ? t('quiet.learned', { count: learned.gaps, date: dateText(learned.lastEndMs) }) : null
  return (
    <p className="thermal-quiet" data-testid="thermal-quiet">
      <b>{sentence()}</b>
      {basis && <span className="muted">{basis}</span>}
    </p>
  )

  function sentence(): string {
    if (sources.coolingUnits + sources.upses === 0) return t('quiet.noSigns')
    if (forecast.kind === 'never') return t('quiet.never', { limit, celsius: Math.round(forecast.settlesAtCelsius) })
    if (forecast.kind === 'at') {
      if (celsius !== null && limit !== null && celsius >= limit) return t('quiet.reached', { celsius: celsius.toFixed(1) })
      const minutes = (ms: number) => Math.max(1, Math.round((ms - fromMs) / MINUTE_MS))
      const span = { from: minutes(forecast.earliestMs), to: minutes(forecast.latestMs) }
      return t(isWide(forecast, fromMs) ? 'quiet.atWide' : 'quiet.at', { minutes: minutes(forecast.atMs), limit, ...span })
    }
    if (forecast.reason === 'no-temperature') return t('quiet.noTemperature')
    if (forecast.reason === 'nothing-learned') return t('quiet.unlearned')
    return t('quiet.unknown', { why: t(forecast.reason === 'no-limit' ? 'quiet.noLimit' : 'quiet.stale') })
  }
}

function SourcesText({ thermal: { sources } }: { thermal: RoomThermal }) {
  const { t } = useTranslation('thermal')
  if (sources.judgedBy === null) return t('quiet.noTemperature')
  return (
    <>
      {t(`sources.${sources.judgedBy}`)} · {t(`sources.heat.${sources.heat ?? 'none'}`)}
    </>
  )
}
