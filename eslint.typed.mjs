import tseslint from 'typescript-eslint';

/**
 * Rules that know types. n8n's strict mode fixes what eslint.config.mjs says, so these are in a
 * configuration of their own: that of all folders that are not published, and a second one for
 * what is.
 */
export default tseslint.config({
	files: ['**/*.ts'],
	extends: [tseslint.configs.recommendedTypeChecked],
	languageOptions: {
		parserOptions: { project: 'tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
	},
	linterOptions: { noInlineConfig: true },
	rules: {
		'@typescript-eslint/consistent-type-imports': 'error',
		'@typescript-eslint/explicit-module-boundary-types': 'error',
		'@typescript-eslint/switch-exhaustiveness-check': 'error',
	},
});
