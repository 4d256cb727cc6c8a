import type { Evidence, IncidentDetail } from '@yiwang/api/types/incident.ts';
import type { MediaKind, MediaView } from '@yiwang/api/types/media.ts';

/** The pieces that are files, with what is known of each. */
export function filesOf(
  pieces: readonly Evidence[],
  media: readonly MediaView[],
): { piece: Evidence; media: MediaView }[] {
  return pieces.flatMap((piece) => {
    const file = media.find((one) => one.id === piece.media_id);
    return file ? [{ piece, media: file }] : [];
  });
}

/** The lead's pictures before and after, as its last report has them. */
export function beforeAndAfter(detail: IncidentDetail): { before: MediaView[]; after: MediaView[] } {
  const leads = detail.tasks.filter((task) => task.role === 'lead');
  const files = filesOf(leads.at(-1)?.evidence ?? [], detail.media);
  const of = (kind: string) => files.filter(({ piece }) => piece.kind === kind).map(({ media }) => media);
  return { before: of('photo_before'), after: of('photo_after') };
}

/** What a new file probably is: what is still asked for, else what its kind says. */
export function likelyKind(kind: MediaKind, wanted: readonly string[], have: readonly Evidence[]): string {
  const missing = wanted.find((one) => !have.some((piece) => piece.kind === one));
  const pictured = kind !== 'mp4' && kind !== 'pdf';
  if (missing && (pictured || !missing.startsWith('photo'))) return missing;
  if (kind === 'mp4') return 'video';
  return kind === 'pdf' ? 'document' : 'photo';
}
