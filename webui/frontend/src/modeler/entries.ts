// The kinds of fields in the properties panel. A field is bound to a getter and a setter; empty text means "not there".
import {
  CheckboxEntry, FeelEntry, FeelTextAreaEntry, SelectEntry, TextAreaEntry, TextFieldEntry, isCheckboxEntryEdited, isFeelEntryEdited,
  isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import type { Named } from '../designer/page';
import { say } from '../app/words';

export interface Bound {
  id: string;
  label: string;
  description?: string;
  get(): string;
  set(value: string | undefined): void;
}

export interface Entry {
  id: string;
  component: unknown;
  isEdited?: unknown;
  [more: string]: unknown;
}

export interface Group {
  id: string;
  label: string;
  component: unknown;
  [more: string]: unknown;
}

export function text(bound: Bound): Entry {
  return { ...bound, component: Text, isEdited: isTextFieldEntryEdited };
}

export function area(bound: Bound): Entry {
  return { ...bound, component: Area, isEdited: isTextAreaEntryEdited };
}

/** A value out of a list. What stands in the file but not in the list stays choosable, so nothing is lost by looking. */
export function choice(bound: Bound, choices: Named[]): Entry {
  return { ...bound, choices, component: Choice, isEdited: isSelectEntryEdited };
}

export function check(bound: Bound): Entry {
  return { ...bound, component: Check, isEdited: isCheckboxEntryEdited };
}

/** Literal text, or an expression when it begins with "=". */
export function literalOrFeel(bound: Bound, variables: Named[] = []): Entry {
  return { ...bound, feel: 'optional', variables, component: FeelLine, isEdited: isFeelEntryEdited };
}

/** Always an expression; the file may hold it with or without "=", the panel writes `prefix` + expression. */
export function feel(bound: Bound, variables: Named[] = [], prefix: '=' | '' = ''): Entry {
  return {
    ...bound,
    feel: 'required',
    variables,
    component: Feel,
    isEdited: isFeelEntryEdited,
    get: () => withEquals(bound.get()),
    set: (value: string | undefined) => {
      const bare = value?.replace(/^=/, '').trim();
      bound.set(bare ? prefix + bare : undefined);
    },
  };
}

function withEquals(value: string): string {
  return !value || value.startsWith('=') ? value : `=${value}`;
}

// Components keep their identity for the life of the page: a new function at each drawing would take the focus away.

function Text(props: any) {
  return TextFieldEntry({ ...common(props), debounce: useService('debounceInput') });
}

function Area(props: any) {
  return TextAreaEntry({ ...common(props), debounce: useService('debounceInput'), autoResize: true, rows: 2 });
}

function Check(props: any) {
  return CheckboxEntry({
    ...common(props),
    getValue: () => props.get() === 'true',
    setValue: (value: boolean) => props.set(value ? 'true' : undefined),
  });
}

function Choice(props: any) {
  const getOptions = () => {
    const value = props.get();
    const listed: Named[] = props.choices;
    const known = !value || listed.some(({ id }) => id === value);
    return [
      { value: '', label: say('（无）', '(none)') },
      ...listed.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name}（${id}）` })),
      ...(known ? [] : [{ value, label: value }]),
    ];
  };
  return SelectEntry({ ...common(props), getOptions });
}

function Feel(props: any) {
  return FeelTextAreaEntry(feelProps(props));
}

function FeelLine(props: any) {
  return FeelEntry(feelProps(props));
}

function feelProps(props: any) {
  return {
    ...common(props),
    feel: props.feel,
    variables: (props.variables as Named[]).map(({ id, name }) => ({ name: id, info: name })),
    debounce: useService('debounceInput'),
    translate: useService('translate'),
  };
}

function common(props: any) {
  return {
    element: props.element,
    id: props.id,
    label: props.label,
    description: props.description,
    getValue: () => props.get(),
    setValue: (value: string | undefined) => props.set(value || undefined),
  };
}
