/** An application's own. */
export const ownTag = (tag: string) => `tag:${tag}`;
/** Of all answers that a model is part of. */
export const modelTag = (model: string) => `model:${model}`;
/** Of those among them that a write to the model drops. */
export const writeTag = (model: string) => `write:${model}`;
