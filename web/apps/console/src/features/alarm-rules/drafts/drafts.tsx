import { useSearchParams } from '../../../app/use-search-params.ts';
import { DraftEditor } from './draft-editor.tsx';
import { DraftList } from './draft-list.tsx';
import './drafts.css';

/** What is being written: the list, or the draft that was opened from it. */
export default function Drafts() {
  const [search, setSearch] = useSearchParams();
  return search.draft ? (
    <DraftEditor key={search.draft} id={search.draft} onClose={() => setSearch({ draft: undefined })} />
  ) : (
    <DraftList />
  );
}
