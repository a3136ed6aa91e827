/** What an element needs to stand in a {@link LinkedList}: the list owns these three fields. */
export interface Linked<T extends Linked<T>> {
  list: LinkedList<T> | undefined;
  previous: T | undefined;
  next: T | undefined;
}

/** First in, first out, with O(1) removal from anywhere. An element stands in one list at most. */
export class LinkedList<T extends Linked<T>> {
  head: T | undefined;
  #tail: T | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(element: T): void {
    this.#insert(element, undefined);
  }

  /** Puts each of them before the first that it precedes; both sides are in that order, O(n + m). */
  merge(elements: readonly T[], precedes: (a: T, b: T) => boolean): void {
    let next = this.head;
    for (const element of elements) {
      while (next && !precedes(element, next)) next = next.next;
      this.#insert(element, next);
    }
  }

  shift(): T | undefined {
    const element = this.head;
    if (element) this.remove(element);
    return element;
  }

  remove(element: T): void {
    if (element.list !== this) return;
    if (element.previous) element.previous.next = element.next;
    else this.head = element.next;
    if (element.next) element.next.previous = element.previous;
    else this.#tail = element.previous;
    element.list = undefined;
    element.previous = undefined;
    element.next = undefined;
    this.#length--;
  }

  #insert(element: T, next: T | undefined): void {
    const previous = next ? next.previous : this.#tail;
    element.list = this;
    element.next = next;
    element.previous = previous;
    if (previous) previous.next = element;
    else this.head = element;
    if (next) next.previous = element;
    else this.#tail = element;
    this.#length++;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let element = this.head; element; ) {
      const next: T | undefined = element.next;
      yield element;
      element = next;
    }
  }
}
