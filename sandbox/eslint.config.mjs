export { default } from '../eslint.typed.mjs';
