import { type RefSelectProps, Select, type SelectProps } from 'antd';
import { useRef } from 'react';

interface SearchOption {
  value: string;
  label: string;
  search: string;
}

type Typed<O extends SearchOption> = SelectProps<unknown, O>;
type Plain<O extends SearchOption> = Exclude<Typed<O>['showSearch'], boolean | undefined>;

export type SearchSelectProps<O extends SearchOption> = Omit<Typed<O>, 'showSearch'> & {
  showSearch: Plain<O>;
};

/** A select that is typed into; each stroke shows the best match on top of the list. */
export function SearchSelect<O extends SearchOption>({ showSearch, ...props }: SearchSelectProps<O>) {
  const select = useRef<RefSelectProps>(null);
  const onSearch = (text: string) => {
    showSearch.onSearch?.(text);
    // The list keeps the scroll of the longer list that it was.
    requestAnimationFrame(() => select.current?.scrollTo({ index: 0 }));
  };
  return <Select<unknown, O> {...props} ref={select} showSearch={{ ...showSearch, onSearch }} />;
}
