import type { ChecklistItem, DeviceClass } from '@roomkeeper/shared/registers'

/** An item of a class, before it is asked of a certain device. */
export type ChecklistEntry = Omit<ChecklistItem, 'group' | 'deviceId'>

/**
 * What people look at, by class of device: only what sensors cannot see. The first item of a class is the one that speaks of the whole
 * device. Hardware and power become an incident, the rest work (regulation E2, T3).
 */
export const CHECKLISTS: Readonly<Record<DeviceClass, readonly ChecklistEntry[]>> = {
  room: [
    {
      key: 'dust',
      label: { zh: '清洁无积灰', en: 'Clean, no dust' },
      help: { zh: '地面、机柜顶部、设备进风口', en: 'Floor, tops of racks, air inlets of equipment' },
      clause: 'E5',
      followUp: 'work-order',
    },
    {
      key: 'rodents',
      label: { zh: '无鼠迹虫迹', en: 'No traces of rodents or insects' },
      help: { zh: '粪便、咬痕、未封堵的孔洞；挡鼠板在位', en: 'Droppings, bite marks, open holes; the rodent board is in place' },
      clause: 'E5',
      followUp: 'work-order',
    },
    {
      key: 'extinguishers',
      label: { zh: '灭火器在位、在有效期内', en: 'Extinguishers in place and in date' },
      help: { zh: '压力指针在绿区，铅封完好，通道无遮挡', en: 'Pressure in the green, seal unbroken, nothing in the way' },
      clause: 'E5',
      followUp: 'work-order',
    },
    {
      key: 'flammables',
      label: { zh: '无易燃物，无焦味烟味', en: 'No flammables, no smell of burning' },
      help: { zh: '纸箱、泡沫、酒精等不得存放在机房', en: 'No cardboard, foam or alcohol is kept in the room' },
      clause: 'E5',
      alarmKinds: ['smoke'],
      followUp: 'work-order',
    },
    {
      key: 'power-drawn-out',
      label: { zh: '未外接电源供他用', en: 'No power drawn out of the room' },
      help: { zh: '插座、配电柜上没有与机房无关的用电', en: 'Nothing foreign to the room hangs on its sockets or distribution board' },
      clause: 'E5',
      followUp: 'incident',
    },
    {
      key: 'cables',
      label: { zh: '线缆整齐，无裸露破损', en: 'Cables tidy, none bare or damaged' },
      clause: 'T2',
      followUp: 'work-order',
    },
    {
      key: 'static',
      label: { zh: '防静电地板与接地完好', en: 'Antistatic floor and earthing intact' },
      clause: 'E5',
      followUp: 'work-order',
    },
    {
      key: 'doors-windows',
      label: { zh: '门窗关闭严密，门禁有效', en: 'Doors and windows shut, access control works' },
      clause: 'A1',
      alarmKinds: ['door'],
      followUp: 'work-order',
    },
    {
      key: 'water',
      label: { zh: '无漏水、渗水、凝露', en: 'No leaks, seepage or condensation' },
      help: { zh: '空调下方、屋顶、窗边、地板下', en: 'Below air conditioners, ceiling, windows, under the floor' },
      clause: 'E5',
      alarmKinds: ['leak'],
      followUp: 'incident',
    },
    {
      key: 'lights',
      label: { zh: '照明与应急照明正常', en: 'Lights and emergency lights work' },
      clause: 'E5',
      followUp: 'work-order',
    },
  ],
  ups: [
    {
      key: 'panel',
      label: { zh: '面板无告警，无异响异味', en: 'No alarm on its panel, no odd noise or smell' },
      clause: 'I1',
      alarmKinds: ['ups-status', 'load', 'battery-runtime', 'voltage', 'line-to-line-voltage', 'frequency'],
      followUp: 'incident',
    },
    {
      key: 'batteries',
      label: { zh: '电池无鼓包、漏液、锈蚀', en: 'Batteries not swollen, leaking or corroded' },
      clause: 'I1',
      alarmKinds: ['battery-charge', 'battery-voltage', 'battery-temperature'],
      followUp: 'incident',
    },
    {
      key: 'vents',
      label: { zh: '通风口无遮挡无积灰', en: 'Vents free of dust and obstacles' },
      clause: 'I1',
      followUp: 'work-order',
    },
  ],
  'air-conditioner': [
    {
      key: 'running',
      label: { zh: '运行正常，无告警无异响', en: 'Runs without alarm or odd noise' },
      clause: 'I1',
      alarmKinds: ['cooling-fault'],
      followUp: 'incident',
    },
    {
      key: 'drain',
      label: { zh: '排水通畅，无滴漏结冰', en: 'Drains well, no dripping or ice' },
      clause: 'I1',
      followUp: 'incident',
    },
    {
      key: 'filter',
      label: { zh: '滤网清洁，风口无遮挡', en: 'Filter clean, outlets free' },
      clause: 'I2',
      followUp: 'work-order',
    },
  ],
  server: [
    {
      key: 'lamps',
      label: { zh: '指示灯正常，无异响异味', en: 'Lamps normal, no odd noise or smell' },
      help: { zh: '电源灯、硬盘灯、故障灯；风扇声音', en: 'Power, disk and fault lamps; the sound of its fans' },
      clause: 'I1',
      alarmKinds: ['board-temperature', 'fan-speed', 'power'],
      followUp: 'incident',
    },
    {
      key: 'plugs',
      label: { zh: '电源线、网线连接牢固，标签清楚', en: 'Plugs firm, labels legible' },
      clause: 'I1',
      followUp: 'work-order',
    },
  ],
  network: [
    {
      key: 'lamps',
      label: { zh: '指示灯正常，无异响', en: 'Lamps normal, no odd noise' },
      clause: 'I1',
      alarmKinds: ['board-temperature', 'fan-speed'],
      followUp: 'incident',
    },
    {
      key: 'ports',
      label: { zh: '端口标签清楚，无私接', en: 'Ports labelled, nothing plugged in unasked' },
      clause: 'T2',
      followUp: 'work-order',
    },
  ],
  storage: [
    {
      key: 'lamps',
      label: { zh: '控制器与硬盘指示灯正常', en: 'Lamps of controllers and disks normal' },
      clause: 'I1',
      alarmKinds: ['board-temperature', 'fan-speed'],
      followUp: 'incident',
    },
    {
      key: 'plugs',
      label: { zh: '电源线、光纤连接牢固，标签清楚', en: 'Plugs and fibres firm, labels legible' },
      clause: 'I1',
      followUp: 'work-order',
    },
  ],
  power: [
    {
      key: 'panel',
      label: { zh: '仪表与指示正常，无异响焦味', en: 'Meters and lamps normal, no odd noise or smell' },
      clause: 'E1',
      alarmKinds: ['power', 'current', 'voltage', 'line-to-line-voltage', 'frequency'],
      followUp: 'incident',
    },
    {
      key: 'wiring',
      label: { zh: '接线无过热变色，回路标签清楚', en: 'No wire discoloured by heat, circuits labelled' },
      clause: 'E1',
      followUp: 'incident',
    },
  ],
  fire: [
    {
      key: 'panel',
      label: { zh: '报警主机正常，无故障灯', en: 'Fire panel normal, no fault lamp' },
      clause: 'E5',
      alarmKinds: ['smoke'],
      followUp: 'incident',
    },
    {
      key: 'cylinders',
      label: { zh: '气体钢瓶压力正常，喷嘴无遮挡', en: 'Gas cylinders at pressure, nozzles free' },
      clause: 'E5',
      followUp: 'work-order',
    },
  ],
  generic: [
    {
      key: 'works',
      label: { zh: '外观与运行正常', en: 'Looks and runs normally' },
      clause: 'I1',
      followUp: 'work-order',
    },
  ],
}

/** What sensors see and people compare on the spot (regulation E1): asked in every room. The limits come from the room's sensors. */
export const MEASURED_ITEMS = [
  {
    key: 'temperature',
    label: { zh: '温度', en: 'Temperature' },
    help: { zh: '读现场温度计，与传感器核对', en: 'Read the thermometer on the wall and compare it with the sensors' },
    clause: 'E1',
    measured: { unit: 'Cel', kind: 'temperature' },
    alarmKinds: ['temperature'],
    followUp: 'incident',
  },
  {
    key: 'humidity',
    label: { zh: '湿度', en: 'Humidity' },
    clause: 'E1',
    measured: { unit: '%', kind: 'humidity' },
    alarmKinds: ['humidity', 'dew-point'],
    followUp: 'incident',
  },
  {
    key: 'voltage',
    label: { zh: '市电电压', en: 'Mains voltage' },
    help: { zh: '读配电柜电压表', en: 'Read the meter of the distribution board' },
    clause: 'E1',
    measured: { unit: 'V', kind: 'voltage' },
    alarmKinds: ['voltage', 'line-to-line-voltage', 'frequency'],
    followUp: 'incident',
  },
] as const satisfies readonly ChecklistEntry[]
