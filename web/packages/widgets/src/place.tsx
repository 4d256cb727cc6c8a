import type { ScreenWidget } from '@yiwang/api/types/screen.ts';
import { type Translate, useT, useText } from '@yiwang/i18n/i18n.ts';
import { Component, type ReactNode } from 'react';
import { faultsOf, isKind } from './options.ts';
import { Frame } from './parts/frame.tsx';
import { COMPONENTS } from './registry.ts';
import './place.css';

const NO_OPTIONS = {};

/** The place of a widget: what cannot be drawn says so there and takes nothing else with it. */
export function Place({ widget }: { widget: ScreenWidget }) {
  const t = useT();
  const text = useText();
  const title = text(widget.title) || undefined;
  const options = widget.options ?? NO_OPTIONS;
  if (!isKind(widget.kind)) {
    return <Placeholder title={title ?? widget.kind} words={t('wall.place.kind', { kind: widget.kind })} />;
  }
  const faults = faultsOf(widget.kind, options);
  const name = title ?? t(`wall.kinds.${widget.kind}`);
  if (faults.length > 0) {
    const words = faults.map(({ field, fault }) => t(`wall.place.${fault}`, { field })).join('；');
    return <Placeholder title={name} words={words} />;
  }
  const Drawn = COMPONENTS[widget.kind];
  return (
    <Fence key={JSON.stringify(options)} name={name} t={t}>
      <Drawn widget={widget} title={title} options={options} />
    </Fence>
  );
}

function Placeholder({ title, words, children }: { title: string; words: string; children?: ReactNode }) {
  return (
    <Frame title={title}>
      <div className="ww-placeholder">
        <p>{words}</p>
        {children}
      </div>
    </Frame>
  );
}

interface FenceProps {
  name: string;
  t: Translate;
  children: ReactNode;
}

/** Nobody stands before a wall to press a button: what failed is tried again by itself. */
const AGAIN_MS = 60_000;

class Fence extends Component<FenceProps, { failed: boolean }> {
  override state = { failed: false };
  private timer: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setState({ failed: false }), AGAIN_MS);
  }

  override componentWillUnmount() {
    clearTimeout(this.timer);
  }

  override render() {
    const { name, t, children } = this.props;
    if (!this.state.failed) return children;
    return (
      <Placeholder title={name} words={t('wall.place.crashed')}>
        <button type="button" onClick={() => this.setState({ failed: false })}>
          {t('shell.states.retry')}
        </button>
      </Placeholder>
    );
  }
}
