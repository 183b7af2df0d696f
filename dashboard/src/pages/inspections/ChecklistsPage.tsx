import { PlusOutlined } from '@ant-design/icons'
import type { Checklist } from '@roomkeeper/shared/http'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import { useWords } from '../../i18n/use-words.ts'
import { type Column, DataTable } from '../../ui/DataTable.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { QueryView } from '../../ui/states.tsx'
import '../../features/inspection/inspection.css'
import { ChecklistItemDialog } from './ChecklistItemDialog.tsx'

type Item = Checklist['items'][number]

/** What inspections ask, by class of device: the product's own items, and what people changed and added. */
export function ChecklistsPage() {
  const { t } = useTranslation('inspection')
  const { t: common } = useTranslation()
  const words = useWords()
  const mayWrite = useMay('schedules.write')
  const [search, setSearch] = useSearchParams()
  const [editing, setEditing] = useState<Item | 'new' | null>(null)
  const query = useQuery(queries.checklists.list.queryOptions())
  const columns: Column<Item>[] = [
    {
      key: 'label',
      title: t('checklists.item'),
      render: ({ label, help, active }) => (
        <span className={active ? undefined : 'muted'}>
          <b>{words.of(label)}</b>
          {help && <div className="muted">{words.of(help)}</div>}
        </span>
      ),
    },
    { key: 'clause', title: t('checklists.clause'), render: ({ clause }) => clause },
    { key: 'photo', title: t('checklists.photo'), render: ({ photo }) => photo && t('checklists.required') },
    { key: 'followUp', title: t('checklists.followUp'), render: ({ followUp }) => t(`checklists.follow.${followUp}`) },
    {
      key: 'origin',
      title: t('checklists.origin'),
      render: ({ origin, changedBy, active }) => (
        <>
          {!active && <span className="mark mark-old">{t('checklists.off')}</span>} {t(`checklists.from.${origin}`)}
          {changedBy && <span className="muted"> {changedBy}</span>}
        </>
      ),
    },
    {
      key: 'actions',
      title: '',
      className: 'actions',
      render: (item) =>
        mayWrite && (
          <Button size="small" data-testid={`item-${item.key}`} onClick={() => setEditing(item)}>
            {common('common.edit')}
          </Button>
        ),
    },
  ]
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/inspections">{t('due.title')}</Link> › {t('checklists.title')}
          </>
        }
        note={t('checklists.note')}
      />
      <QueryView query={query}>
        {(lists) => {
          const list = lists.find(({ deviceClass }) => deviceClass === search.get('class')) ?? lists[0]
          if (!list) return null
          return (
            <>
              <div className="checklists-bar">
                <Segmented
                  value={list.deviceClass}
                  options={lists.map(({ deviceClass, title }) => ({ value: deviceClass, label: words.of(title) }))}
                  onChange={(next) => setSearch({ class: next })}
                />
                {mayWrite && (
                  <Button type="primary" icon={<PlusOutlined />} data-testid="item-add" onClick={() => setEditing('new')}>
                    {t('checklists.add')}
                  </Button>
                )}
              </div>
              <section className="panel checklist-table">
                <DataTable rows={list.items} columns={columns} rowKey={({ key }) => key} caption={words.of(list.title)} />
              </section>
              {editing && (
                <ChecklistItemDialog list={list} item={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
              )}
            </>
          )
        }}
      </QueryView>
    </>
  )
}
