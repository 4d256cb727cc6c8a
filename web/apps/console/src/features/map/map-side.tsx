import { Loading } from '@yiwang/ui/states.tsx';
import { lazy, Suspense } from 'react';
import { Card } from './card.tsx';
import { Choices } from './choices.tsx';
import { FENCES, MOVING } from './map-view.ts';
import type { Acts, WorkspaceState } from './use-workspace.ts';

const FenceForm = lazy(() => import('./fences/fence-pane.tsx'));
const FeatureForm = lazy(() => import('./draw/feature-pane.tsx'));
const MoverCard = lazy(() => import('./moving/mover-card.tsx'));
const FenceCard = lazy(() => import('./fences/fence-card.tsx'));

interface SideProps {
  space: WorkspaceState;
  acts: Acts;
}

/** Beside the map: a form, several things to choose from, or the card of what was chosen. */
export function MapSide({ space, acts }: SideProps) {
  const { view, choices, toThing, words, setChoices } = space;
  if (view.form) return <Suspense fallback={<Loading />}>{<FormPane {...{ space, acts }} />}</Suspense>;
  if (choices.length > 0)
    return (
      <Choices
        things={choices.map(toThing)}
        words={words}
        onPick={acts.choose}
        onClose={() => setChoices([])}
      />
    );
  return <Suspense fallback={<Loading />}>{<ChosenCard {...{ space, acts }} />}</Suspense>;
}

function FormPane({ space, acts }: SideProps) {
  const { view, board, sketch, placing, byCode, words, setMarked, fences } = space;
  if (!view.form) return null;
  const { what, of } = view.form;
  const onClose = () => {
    setMarked(undefined);
    view.setForm(undefined);
  };
  const shared = { key: `${what}:${of}`, board, drawing: sketch.drawing, onMark: setMarked, onClose };
  if (what === 'fence') {
    const { key, ...rest } = shared;
    const onSaved = (id: string) => acts.choose({ layer: FENCES, id });
    return <FenceForm key={key} {...rest} id={of} query={fences.query} onSaved={onSaved} />;
  }
  const { key, ...rest } = shared;
  const onSaved = (number: number) => {
    board?.refresh(of);
    acts.choose({ layer: of, id: String(number) });
  };
  return <FeatureForm key={key} {...rest} {...{ placing, words, onSaved }} layer={byCode.get(of)} />;
}

function ChosenCard({ space, acts }: SideProps) {
  const { view, board, moving, fences, byCode, words, placing, setMarked } = space;
  const { chosen, at } = view;
  if (!chosen) return null;
  const onClose = () => acts.choose(undefined);
  const key = `${chosen.layer}:${chosen.id}`;
  const shared = { id: chosen.id, board, onClose };
  if (chosen.layer === MOVING) return <MoverCard key={key} {...shared} {...{ view, moving }} />;
  if (chosen.layer === FENCES)
    return (
      <FenceCard
        key={key}
        {...shared}
        query={fences.query}
        onEdit={() => view.setForm({ what: 'fence', of: chosen.id })}
        onMark={setMarked}
      />
    );
  return <Card key={key} {...{ chosen, byCode, at, words, placing, onClose }} onMark={setMarked} />;
}
