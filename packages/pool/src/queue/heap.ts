/** What an element needs to stand in a {@link Heap}: the heap owns this field. */
export interface Placed {
  /** Where it stands; negative when it does not. */
  place: number;
}

/** Knows which of its elements comes first; O(log n) to add, to remove from anywhere and to put right. */
export class Heap<T extends Placed> implements Iterable<T> {
  readonly #elements: T[] = [];
  readonly #precedes: (a: T, b: T) => boolean;

  constructor(precedes: (a: T, b: T) => boolean) {
    this.#precedes = precedes;
  }

  get first(): T | undefined {
    return this.#elements[0];
  }

  /** In no order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#elements[Symbol.iterator]();
  }

  add(element: T): void {
    this.#elements.push(element);
    this.#rise(element, this.#elements.length - 1);
  }

  remove(element: T): void {
    const { place } = element;
    const last = this.#elements.pop();
    element.place = -1;
    if (!last || last === element) return;
    this.#put(last, place);
    this.moved(last);
  }

  /** It comes sooner or later than before. */
  moved(element: T): void {
    this.#rise(element, element.place);
    this.#sink(element, element.place);
  }

  #rise(element: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#elements[above] as T;
      if (!this.#precedes(element, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(element, place);
  }

  #sink(element: T, from: number): void {
    const { length } = this.#elements;
    let place = from;
    for (let below = 2 * place + 1; below < length; below = 2 * place + 1) {
      let child = this.#elements[below] as T;
      const other = this.#elements[below + 1];
      if (other && this.#precedes(other, child)) child = other;
      if (!this.#precedes(child, element)) break;
      const freed = child.place;
      this.#put(child, place);
      place = freed;
    }
    this.#put(element, place);
  }

  #put(element: T, place: number): void {
    this.#elements[place] = element;
    element.place = place;
  }
}
