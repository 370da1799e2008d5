// Stands in for `openapi-typescript-helpers` when types are checked (see `paths` in tsconfig.json). Its `Readable`
// and `Writable` take apart what is marked read-only or write-only; the API marks nothing, and taking it apart
// would turn pairs like [number, number] into lists. Here both leave a type whole.
// biome-ignore lint/performance/noReExportAll: types only, nothing of it is in the bundle
export * from '../../node_modules/openapi-typescript-helpers/dist/index.d.mts';
export type Readable<T> = T;
export type Writable<T> = T;
