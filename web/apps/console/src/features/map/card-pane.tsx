import { useT } from '@yiwang/i18n/i18n.ts';
import type { ReactNode } from 'react';
import { SidePane } from '../../parts/side-pane.tsx';

interface CardPaneProps {
  title: ReactNode;
  note?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

const list = () => document.querySelector<HTMLElement>('.thing-list') ?? document.getElementById('main');

/** The card beside the map. It takes the focus when it opens; Escape closes it. */
export function CardPane(props: CardPaneProps) {
  const t = useT();
  return <SidePane {...props} isFocused className="map-card" label={t('map.card.label')} cameFrom={list} />;
}
