import type { Device } from '@yiwang/api/types/sensing.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { accountOf } from '../../parts/account.ts';
import { BalanceChip } from '../../parts/balance-chip.tsx';
import { byCount, useRefused } from '../../parts/refused.ts';
import { SideSection } from '../../parts/side-pane.tsx';

const PARTS = ['received', 'stored', 'duplicate', 'refused', 'shed', 'late'] as const;

/** What came from the device and where it went; everything is accounted for. */
export function DeviceAccount({ device }: { device: Device }) {
  const t = useT();
  const refused = useRefused();
  const account = accountOf(device.counts);
  const reasons = [...byCount(device.counts.refused), ...byCount(device.counts.shed)];
  return (
    <SideSection title={t('sensing.detail.counts')} extra={<BalanceChip account={account} />}>
      <div className="device-account">
        <dl>
          {PARTS.map((part) => (
            <div key={part}>
              <dt>{t(`sensing.counts.${part}`)}</dt>
              <dd>{account[part].toLocaleString('en-US')}</dd>
            </div>
          ))}
        </dl>
      </div>
      {reasons.length > 0 && (
        <ul className="device-reasons">
          {reasons.map(([code, count]) => (
            <li key={code}>
              {refused(code)} × {count}
            </li>
          ))}
        </ul>
      )}
    </SideSection>
  );
}
