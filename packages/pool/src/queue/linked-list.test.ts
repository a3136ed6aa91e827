import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Linked, LinkedList } from './linked-list.ts';

class Element implements Linked<Element> {
  readonly age: number;
  list: LinkedList<Element> | undefined;
  previous: Element | undefined;
  next: Element | undefined;

  constructor(age = 0) {
    this.age = age;
  }
}

interface Model {
  elements: Element[];
  /** Removed ones too: taking them out again changes nothing. */
  known: Element[];
}
type Command = fc.Command<Model, LinkedList<Element>>;

function check(model: Model, list: LinkedList<Element>): void {
  expect(list.length).toBe(model.elements.length);
  expect(list.head).toBe(model.elements[0]);
  const listed = [...list];
  expect(listed.length === model.elements.length).toBe(true);
  expect(listed.every((element, i) => element === model.elements[i])).toBe(true);
}

class Push implements Command {
  check = () => true;
  run(model: Model, list: LinkedList<Element>): void {
    const element = new Element();
    list.push(element);
    model.elements.push(element);
    model.known.push(element);
    check(model, list);
  }
  toString = () => 'push';
}

class Shift implements Command {
  check = () => true;
  run(model: Model, list: LinkedList<Element>): void {
    expect(list.shift() === model.elements.shift()).toBe(true);
    check(model, list);
  }
  toString = () => 'shift';
}

class Remove implements Command {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
  check = ({ known }: Model) => known.length > 0;
  run(model: Model, list: LinkedList<Element>): void {
    const element = model.known[this.at % model.known.length] as Element;
    list.remove(element);
    model.elements = model.elements.filter((other) => other !== element);
    expect(element).toMatchObject({ list: undefined, previous: undefined, next: undefined });
    check(model, list);
  }
  toString = () => `remove ${this.at}`;
}

test('behaves as an array does', () => {
  const commands = fc.commands([
    fc.constant(new Push()),
    fc.constant(new Shift()),
    fc.nat().map((at) => new Remove(at)),
  ]);
  fc.assert(
    fc.property(commands, (steps) => {
      const setup = () => ({ model: { elements: [], known: [] }, real: new LinkedList<Element>() });
      fc.modelRun(setup, steps);
    }),
  );
});

test('what is merged stands where its order puts it, behind its equals', () => {
  const ages = fc.array(fc.nat({ max: 9 })).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(ages, ages, (there, coming) => {
      const old = there.map((age) => new Element(age));
      const young = coming.map((age) => new Element(age));
      const list = new LinkedList<Element>();
      for (const element of old) list.push(element);
      list.merge(young, (a, b) => a.age < b.age);
      // An array's sort is stable.
      const sorted = [...old, ...young].sort((a, b) => a.age - b.age);
      check({ elements: sorted, known: [] }, list);
      for (const element of sorted) expect(list.shift() === element).toBe(true);
      expect(list.head).toBeUndefined();
    }),
  );
});

test('elements may be removed while it is walked through', () => {
  const list = new LinkedList<Element>();
  for (let i = 0; i < 10; i++) list.push(new Element());
  let seen = 0;
  for (const element of list) {
    list.remove(element);
    seen++;
  }
  expect({ seen, left: list.length }).toEqual({ seen: 10, left: 0 });
});
