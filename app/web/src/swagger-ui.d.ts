// The part of Swagger UI that docs.ts uses: its package has no types.
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** A component of React. */
  export type Component = (props: never) => unknown
  /** What a plugin is given: https://swagger.io/docs/open-source-tools/swagger-ui/customization/plugin-api/ */
  export interface System {
    React: { createElement(kind: string | Component, props: object | null, ...children: unknown[]): unknown; Fragment: Component }
  }
  /** https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
  export default function SwaggerUI(options: Record<string, unknown>): void
}
