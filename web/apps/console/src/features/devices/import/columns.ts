import type { CreateDevice } from '@yiwang/api/types/sensing.ts';

/** A column of a table of devices: a field, or an attribute by its name. */
export type Column = { field: ImportField } | { attribute: string };

export type ImportField = Exclude<keyof CreateDevice, 'position' | 'attributes'> | 'lon' | 'lat';

/** What each column may be called besides its own name; the first one stands in the sample. */
const NAMES: Record<ImportField, readonly string[]> = {
  code: ['编码', '设备编码'],
  name: ['名称', '设备名称'],
  profile: ['类型', '设备类型'],
  protocol: ['接入方式', '协议'],
  address: ['通信地址', '地址码', 'mn'],
  org: ['权属单位', '单位'],
  area: ['区域', '所在区域', '区域代码'],
  place: ['地点', '位置'],
  lon: ['经度', 'lng', 'longitude'],
  lat: ['纬度', 'latitude'],
  group: ['分组'],
  interval_seconds: ['上报周期', '上报周期（秒）', '上报周期(秒)', 'interval'],
  secrecy: ['密级'],
  installed_at: ['安装日期', '安装时间'],
  calibrated_at: ['检定日期', '检定时间'],
  calibration_due: ['检定到期'],
  secret: ['接入密码', '鉴权码'],
};

export const IMPORT_FIELDS = Object.keys(NAMES) as ImportField[];

const ATTRIBUTE = /^(?:attr|attributes|参数)[.:：](.+)$/i;

const byName = new Map(
  IMPORT_FIELDS.flatMap((field) =>
    [field, ...NAMES[field]].map((name) => [name.toLowerCase(), field] as const),
  ),
);

/** The column that a heading means; none where it means nothing here. */
export function columnOf(heading: string): Column | undefined {
  const name = heading.trim().replace(/\s*\*$/, '');
  const attribute = ATTRIBUTE.exec(name)?.[1]?.trim();
  if (attribute) return { attribute };
  const field = byName.get(name.toLowerCase());
  return field && { field };
}

export const SAMPLE = [
  'code,name,profile,protocol,address,org,place,lon,lat,attr.warn',
  'demo-rain-01,示例雨量站,rain-gauge,mqtt,,,人民中路,120.2849,31.9108,',
  'demo-river-01,示例河道站,river-station,mqtt,,,运河桥,120.2712,31.9055,3.2',
].join('\n');
