import type { BacktestAnswer, BacktestDevice } from '@yiwang/api/types/alarm-rule.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { spanWords } from '@yiwang/i18n/span-words.ts';
import { fullTime } from '@yiwang/i18n/time.ts';
import { Alert } from '@yiwang/ui/controls.ts';
import { type GridColumn, GridTable } from '@yiwang/ui/grid-table.tsx';
import { Facts } from '@yiwang/ui/panel.tsx';
import { useState } from 'react';
import { SideSection } from '../../../parts/side-pane.tsx';
import { DeviceEpisodes } from './device-episodes.tsx';
import { LeftOut } from './left-out.tsx';
import { Score } from './score.tsx';

interface AnswerProps {
  answer: BacktestAnswer;
  profile: string;
  uses: readonly string[];
}

/** When the rule would have raised alarms, on what, how well that fits, and what was not looked at. */
export function BacktestAnswerView({ answer, profile, uses }: AnswerProps) {
  const t = useT();
  const [device, setDevice] = useState(answer.per_device[0]?.device);
  const word = (key: string, values?: Record<string, unknown>) => t(`rules.backtest.${key}`, values);
  const number = (value: number) => value.toLocaleString('en-US');
  const columns: GridColumn<BacktestDevice>[] = [
    { key: 'device', title: word('device'), render: (row) => <span className="yw-mono">{row.device}</span> },
    { key: 'alarms', title: word('alarms'), width: '90px', align: 'right', render: (row) => row.alarms },
    {
      key: 'open',
      title: word('openFor'),
      width: '34%',
      align: 'right',
      render: (row) => spanWords(t, row.open_seconds * 1000),
    },
  ];
  return (
    <div className="backtest-answer">
      <LeftOut answer={answer} />
      {answer.findings.map((one) => (
        <Alert
          key={`${one.pointer} ${one.message}`}
          type="info"
          showIcon
          title={`${one.pointer} ${one.message}`}
        />
      ))}
      <Facts
        rows={[
          { label: word('alarms'), value: <strong>{number(answer.alarms)}</strong> },
          { label: word('devicesSeen'), value: number(answer.devices) },
          { label: word('points'), value: number(answer.points) },
          { label: word('took'), value: word('ms', { ms: number(answer.took_ms) }) },
          {
            label: word('ran'),
            value: `${fullTime(answer.from)} – ${fullTime(answer.to)}`,
            wide: true,
          },
          {
            label: word('samples'),
            value: word('samplesWords', { ...answer.samples, tooLate: answer.samples.too_late }),
            wide: true,
          },
        ]}
      />
      {answer.score && <Score score={answer.score} />}
      {answer.per_device.length > 0 && (
        <SideSection title={word('perDevice')}>
          <div className="backtest-devices">
            <GridTable
              label={word('perDevice')}
              columns={columns}
              rows={answer.per_device}
              rowKey={(row) => row.device}
              selected={device}
              onPick={(row) => setDevice(row.device)}
            />
          </div>
        </SideSection>
      )}
      {device ? (
        <DeviceEpisodes key={device} code={device} answer={answer} profile={profile} uses={uses} />
      ) : (
        <p className="yw-dim">{word('noAlarms')}</p>
      )}
    </div>
  );
}
