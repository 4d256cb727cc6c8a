import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ApiProblem } from '@yiwang/api/client.ts';
import { screenDraftQuery, screenQuery } from '@yiwang/api/screen-api.ts';
import type { LayoutKey, ScreenDetail, ScreenDraft } from '@yiwang/api/types/screen.ts';
import { useT } from '@yiwang/i18n/i18n.ts';
import { Panel } from '@yiwang/ui/panel.tsx';
import { Fault, Forbidden, Loading } from '@yiwang/ui/states.tsx';
import { useDeferredValue, useState } from 'react';
import { useSigned } from '../../../app/session.tsx';
import { DraftBar } from './draft-bar.tsx';
import { changedWidget, withLayout, withoutWidget, withWidget } from './editing.ts';
import { FindingList } from './finding-list.tsx';
import { findingsOfWidget } from './findings.ts';
import { GridEditor } from './grid-editor.tsx';
import { LayoutTools } from './layout-tools.tsx';
import { Preview } from './preview.tsx';
import { ScreenForm } from './screen-form.tsx';
import { ScreenList } from './screen-list.tsx';
import { useScreenDraft } from './use-screen-draft.ts';
import { Versions } from './versions.tsx';
import { WidgetForm } from './widget-form.tsx';
import { WidgetList } from './widget-list.tsx';
import './edit.css';

/** Screens are drawn here: where widgets lie, what each shows; published when they are right. */
export default function EditorPage() {
  const { can } = useSigned();
  const { code = '' } = useParams({ strict: false }) as { code?: string };
  return can('screens.edit') ? <Begin key={code} code={code} /> : <Forbidden />;
}

function Begin({ code }: { code: string }) {
  const published = useQuery({ ...screenQuery(code), retry: false });
  const draft = useQuery(screenDraftQuery(code));
  const isNew = published.error instanceof ApiProblem && published.error.status === 404;
  if (published.error && !isNew && !published.data)
    return <Fault fault={published.error} onRetry={() => void published.refetch()} />;
  if (draft.error && draft.data === undefined)
    return <Fault fault={draft.error} onRetry={() => void draft.refetch()} />;
  if ((published.isPending && !isNew) || draft.data === undefined) return <Loading />;
  return <Editor code={code} published={published.data ?? null} draft={draft.data} />;
}

interface EditorProps {
  code: string;
  published: ScreenDetail | null;
  draft: ScreenDraft | null;
}

function Editor({ code, published, draft }: EditorProps) {
  const t = useT();
  const hand = useScreenDraft({ code, published, draft });
  const { written, change } = hand;
  const { screen, findings } = written;
  const [current, setCurrent] = useState<LayoutKey>('16:9');
  const [chosen, setChosen] = useState<string>();
  const shown = useDeferredValue(screen);
  const layout = screen.layouts[current];
  const index = screen.widgets.findIndex((widget) => widget.area === chosen);
  const widget = screen.widgets[index];
  return (
    <div className="page screen-editor">
      <div className="page-head">
        <h2>{t('wall.edit.title')}</h2>
        <ScreenList code={code} isPublished={published !== null} origin={published?.origin} />
      </div>
      <DraftBar hand={hand} published={published} />
      <div className="screen-editor-parts">
        <div className="screen-editor-left">
          <Panel title={t('wall.edit.layout')}>
            <LayoutTools screen={screen} current={current} onCurrent={setCurrent} onChange={change} />
            {layout && (
              <GridEditor
                key={current}
                layout={layout}
                widgets={screen.widgets}
                chosen={widget?.area}
                onChoose={setChosen}
                onChange={(next) => change((old) => withLayout(old, current, next))}
              />
            )}
          </Panel>
          <Panel title={t('wall.edit.preview')} flush>
            <Preview screen={shown} current={current} />
          </Panel>
        </div>
        <div className="screen-editor-right">
          <FindingList findings={findings} screen={screen} onWidget={setChosen} onLayout={setCurrent} />
          <Panel title={t('wall.edit.widgets')}>
            <WidgetList
              screen={screen}
              current={current}
              chosen={widget?.area}
              findings={findings}
              onChoose={setChosen}
              onAdd={(kind) => {
                const made = withWidget(screen, kind);
                change(() => made.screen);
                setChosen(made.area);
              }}
              onDrop={(area) => change((old) => withoutWidget(old, area))}
            />
          </Panel>
          <Panel title={t('wall.edit.properties')}>
            {widget ? (
              <WidgetForm
                key={widget.area}
                widget={widget}
                findings={findingsOfWidget(findings, index)}
                onChange={(next) => change((old) => changedWidget(old, widget.area, next))}
              />
            ) : (
              <p className="yw-dim">{t('wall.edit.noWidget')}</p>
            )}
          </Panel>
          <Panel title={t('wall.edit.screenFields')}>
            <ScreenForm screen={screen} current={current} findings={findings} onChange={change} />
          </Panel>
          {published && (
            <Panel title={t('wall.edit.versions')}>
              <Versions code={code} current={published.version} hand={hand} />
            </Panel>
          )}
        </div>
      </div>
    </div>
  );
}
