/** What the loops of vectorKernels.ts are told of the memory, in bytes. */

/** What vectors are padded to. */
export const STEP = 64;
/** Bytes of a stretch: where its rows begin, its columns, how long it is, its numbers' address; and its sign. */
export const STRETCH = 24;
/** Bytes of a place: in one vector, and in the other. */
export const PLACE = 8;
