// Correctness and accessibility only, plus the import order of the rooms: ui, keys, i18n <- api <- features <- App.
import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import vue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'

const never = (folders) => ({
  'no-restricted-imports': ['error', { patterns: folders.map((name) => ({ group: [`@/${name}`, `@/${name}/*`], message: `This room is below ${name}.` })) }],
})

export default defineConfigWithVueTs(
  { ignores: ['node_modules', 'src/api/schema.d.ts'] },
  vue.configs['flat/recommended'],
  accessibility.configs['flat/recommended'],
  vueTsConfigs.recommended,
  {
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/require-default-prop': 'off',
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'vuejs-accessibility/no-static-element-interactions': 'off',
      'vuejs-accessibility/media-has-caption': 'off',
      'vuejs-accessibility/no-autofocus': 'off',
    },
  },
  { files: ['src/{ui,keys,i18n}/**'], rules: never(['api', 'features']) },
  { files: ['src/api/**'], rules: never(['features']) },
)
