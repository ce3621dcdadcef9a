import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

const HEAVY = {
  regex: '^(maplibre-gl|echarts|terra-draw)',
  allowTypeImports: true,
  message: 'Heavy: load it lazily, the map through @/shared/map, a chart by import().',
}
const NOT_SHARED = [
  {
    regex: '^(element-plus|vant|@element-plus)',
    message: 'shared/ is used by every application: no widget library.',
  },
  { regex: '^@/(console|public|mobile)', message: 'shared/ knows no application.' },
]

export default ts.config(
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { ignores: ['dist/', 'node_modules/', 'src/shared/api/schema.d.ts'] },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    languageOptions: { globals: globals.browser },
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-undef-components': ['error', { ignorePatterns: ['RouterView', 'RouterLink'] }],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      'no-restricted-imports': ['error', { patterns: [HEAVY] }],
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'Use now() of @/shared/time/clock: the desk’s clock may be wrong.',
        },
      ],
    },
  },
  {
    files: ['src/shared/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [HEAVY, ...NOT_SHARED] }],
    },
  },
  {
    // Loaded only inside the map, which is loaded lazily as a whole.
    files: ['src/shared/map/*.vue'],
    rules: { 'no-restricted-imports': ['error', { patterns: NOT_SHARED }] },
  },
  prettier,
)
