import type { Socket } from 'node:net';
import { type LinkConditions, LinkSchedule } from './link-schedule.ts';
import { PreciseTimer } from './precise-timer.ts';

/** Above this much under way the sender is made to wait, as a full network does. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;
/** A limited line delivers in pieces this long, not in one lump at the end. */
const SLICE_SECONDS = 0.02;

/** Bytes under way; an empty piece is the sender's end. */
interface Piece {
  readonly data: Buffer;
  readonly arrivesAt: number;
}

const END = Buffer.alloc(0);

/** `hold` stops and keeps everything, also the sender's end; `discard` swallows it. */
export type PipeMode = 'forward' | 'hold' | 'discard';

/** One direction of a connection: reads from a socket, writes to another one later. */
export class Pipe {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #schedule = new LinkSchedule();
  #conditions: LinkConditions;
  #mode: PipeMode = 'forward';
  #queue: Piece[] = [];
  #queuedBytes = 0;
  readonly #timer = new PreciseTimer(() => this.#deliver());
  #isSinkFull = false;
  #bytesLeft = Infinity;
  #onCut = () => {};

  constructor(source: Socket, sink: Socket, conditions: LinkConditions) {
    this.#source = source;
    this.#sink = sink;
    this.#conditions = conditions;
    source.on('data', (data: Buffer) => this.#receive(data));
    source.on('end', () => this.#receive(END));
    sink.on('drain', () => {
      this.#isSinkFull = false;
      this.#deliver();
    });
  }

  /** Holds for what is sent from now on; what is under way arrives as it was going to. */
  set conditions(conditions: LinkConditions) {
    this.#conditions = conditions;
  }

  set mode(mode: PipeMode) {
    this.#mode = mode;
    if (mode === 'discard') this.#clear();
    if (mode === 'hold') this.#timer.clear();
    if (mode === 'forward') this.#deliver();
    this.#setReading();
  }

  /** Forwards this many bytes more, then the end; `onCut` is called when they are through. */
  cutAfter(bytes: number, onCut: () => void): void {
    this.#bytesLeft = bytes;
    this.#onCut = onCut;
    if (bytes <= 0) this.#cut();
  }

  uncut(): void {
    this.#bytesLeft = Infinity;
  }

  close(): void {
    this.#clear();
  }

  #receive(data: Buffer): void {
    if (this.#mode === 'discard' || this.#bytesLeft === 0) return;
    const isEnd = data.length === 0;
    const forwarded = isEnd ? data : data.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= forwarded.length;
    for (const slice of isEnd ? [data] : this.#slices(forwarded)) {
      const arrivesAt = this.#schedule.arrivesAt(performance.now(), slice.length, this.#conditions);
      this.#queue.push({ data: slice, arrivesAt });
      this.#queuedBytes += slice.length;
    }
    if (this.#bytesLeft === 0) this.#cut();
    this.#setReading();
    this.#deliver();
  }

  #slices(data: Buffer): Buffer[] {
    const size = Math.max(1, Math.floor(this.#conditions.bytesPerSecond * SLICE_SECONDS));
    if (data.length <= size) return [data];
    const count = Math.ceil(data.length / size);
    return Array.from({ length: count }, (_, i) => data.subarray(i * size, (i + 1) * size));
  }

  #cut(): void {
    this.#queue.push({ data: END, arrivesAt: 0 });
    this.#onCut();
    this.#deliver();
  }

  #deliver(): void {
    this.#timer.clear();
    if (this.#mode !== 'forward') return;
    const now = performance.now();
    let delivered = 0;
    for (const { data, arrivesAt } of this.#queue) {
      if (this.#isSinkFull) break;
      if (arrivesAt > now) {
        this.#timer.set(arrivesAt);
        break;
      }
      this.#write(data);
      delivered++;
    }
    if (delivered > 0) this.#queue.splice(0, delivered);
    this.#setReading();
  }

  #write(data: Buffer): void {
    this.#queuedBytes -= data.length;
    if (this.#sink.writableEnded || this.#sink.destroyed) return;
    if (data.length === 0) this.#sink.end();
    else this.#isSinkFull = !this.#sink.write(data);
  }

  /** A source that isn't read can't tell us that its peer has gone, which is what `hold` wants. */
  #setReading(): void {
    const isFull = this.#mode === 'forward' && this.#queuedBytes >= MAX_QUEUED_BYTES;
    if (this.#mode === 'hold' || isFull) this.#source.pause();
    else this.#source.resume();
  }

  #clear(): void {
    this.#timer.clear();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#schedule.clear();
  }
}
