import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deviceQuery } from '@yiwang/api/sensing-api.ts';
import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT, useTerm, useText } from '@yiwang/i18n/i18n.ts';
import { dayTime, fullTime } from '@yiwang/i18n/time.ts';
import { Chip } from '@yiwang/ui/chip.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { Loaded } from '@yiwang/ui/states.tsx';
import { useSigned } from '../../app/session.tsx';
import { useNow } from '../../app/use-now.ts';
import { SidePane, SideSection } from '../../parts/side-pane.tsx';
import { Commands } from './commands/commands.tsx';
import { Credentials } from './credentials.tsx';
import { DeviceAccount } from './device-account.tsx';
import { DeviceActions } from './device-actions.tsx';
import { Frames } from './frames.tsx';
import { HearingLight, HearingReason } from './hearing.tsx';
import { History } from './history.tsx';
import { LastTable } from './last-table.tsx';
import { lagWords } from './telling.ts';

/** One device: what it says, how it is heard, and its frames as they came. */
export function DevicePane({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const { can } = useSigned();
  const query = useQuery(deviceQuery(id));
  const device = query.data;
  return (
    <SidePane
      label={t('shell.common.detail')}
      onClose={onClose}
      title={device?.name ?? t('sensing.title')}
      note={
        device && (
          <>
            <span className="yw-mono">{device.code}</span>
            <HearingLight device={device} />
            <span>
              <HearingReason device={device} />
            </span>
            {can('alerting.read') && (
              <Link to="/alarms" search={{ phase: 'all', device: device.code }}>
                {t('sensing.detail.alarms')}
              </Link>
            )}
          </>
        )
      }
    >
      <Loaded query={query}>
        {(one) => (
          <>
            {can('sensing.edit') && <DeviceActions device={one} />}
            <LastTable device={one} />
            <Commands device={one} />
            <History device={one} />
            <Connection device={one} />
            <DeviceAccount device={one} />
            <Identity device={one} />
            {can('sensing.edit') && <Credentials device={one} />}
            <Frames device={one} />
          </>
        )}
      </Loaded>
    </SidePane>
  );
}

/** `mqtt tls 10.0.0.9:40000 certificate`: the last word is what the device has shown. */
const connectionWords = (connection: string, word: (key: string) => string): string =>
  connection.replace(/ (token|certificate)$/, (_, proof: string) => ` ${word(`proofs.${proof}`)}`);

function Connection({ device }: { device: Device }) {
  const t = useT();
  const word = (key: string) => t(`sensing.detail.${key}`);
  return (
    <SideSection title={word('connection')}>
      <Facts
        rows={[
          { label: t('sensing.protocol'), value: t(`sensing.protocols.${device.protocol}`) },
          device.address && {
            label: word('address'),
            value: <span className="yw-mono">{device.address}</span>,
          },
          { label: word('heardAt'), value: device.heard_at ? fullTime(device.heard_at) : word('never') },
          {
            label: t('sensing.lag'),
            value: <span title={t('sensing.lagHint')}>{lagWords(device.lag_seconds)}</span>,
          },
          { label: word('interval'), value: t('sensing.detail.seconds', { n: device.interval_seconds }) },
          {
            label: word('connections'),
            value:
              device.connections.map((each) => connectionWords(each, word)).join('；') ||
              word('noConnections'),
            wide: true,
          },
        ]}
      />
    </SideSection>
  );
}

function Identity({ device }: { device: Device }) {
  const t = useT();
  const text = useText();
  const term = useTerm();
  const now = useNow();
  const word = (key: string) => t(`sensing.detail.${key}`);
  const attributes = Object.entries(device.attributes);
  const isOverdue = device.calibration_due && Date.parse(device.calibration_due) < now;
  return (
    <SideSection title={word('identity')}>
      <Facts
        rows={[
          { label: word('profile'), value: text(device.profile_name) },
          {
            label: t('sensing.state'),
            value: (
              <Chip tone={device.state === 'active' ? 'green' : 'yellow'}>
                {t(`sensing.states.${device.state}`)}
              </Chip>
            ),
          },
          { label: t('devices.field.secrecy'), value: term('secrecy', String(device.secrecy)) },
          device.org_name && { label: word('org'), value: text(device.org_name) },
          device.area_name && { label: word('area'), value: device.area_name },
          device.place && { label: word('place'), value: device.place },
          device.position && {
            label: word('position'),
            value: `${device.position.lon.toFixed(5)}, ${device.position.lat.toFixed(5)}`,
          },
          device.group && { label: word('group'), value: device.group },
          device.installed_at && { label: word('installed'), value: dayTime(device.installed_at) },
          device.calibrated_at && { label: word('calibrated'), value: dayTime(device.calibrated_at) },
          device.calibration_due && {
            label: word('calibrationDue'),
            value: (
              <>
                {dayTime(device.calibration_due)} {isOverdue && <Chip tone="orange">{word('overdue')}</Chip>}
              </>
            ),
          },
          {
            label: t('devices.changed'),
            value: t('devices.changedBy', { name: device.updated_by, time: dayTime(device.updated_at) }),
            wide: true,
          },
          attributes.length > 0 && {
            label: word('attributes'),
            value: attributes.map(([name, value]) => `${name} = ${String(value)}`).join('；'),
            wide: true,
          },
        ]}
      />
    </SideSection>
  );
}
