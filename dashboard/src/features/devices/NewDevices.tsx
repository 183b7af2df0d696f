import { PlusCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { queries } from '../../client/api.ts'
import { useMay } from '../../client/session.ts'
import './new-devices.css'

/** Says to who may name them that devices have appeared. Nothing while there are none. */
export function NewDevices() {
  const { t } = useTranslation()
  const mayWrite = useMay('rooms.write')
  const query = useQuery({ ...queries.devices.list.queryOptions({ input: { scope: 'new' } }), enabled: mayWrite })
  const count = query.data?.length ?? 0
  if (count === 0) return null
  return (
    <Link to="/devices?scope=new" className="new-devices" data-testid="new-devices">
      <PlusCircleOutlined /> {t('devices.newCount', { count })} →
    </Link>
  )
}
