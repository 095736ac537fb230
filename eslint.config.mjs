import { buildScanConfig } from '@n8n/scan-community-package/scanner/scanner.mjs';
import tseslint from 'typescript-eslint';

/** What n8n's scanner judges before it lets a package be verified. */
const scanned = ['package.json', '{credentials,nodes}/**/*.{ts,json}'];

/** The scanner's own rules, held to the files that the scanner reads. */
const scannerRules = (await buildScanConfig()).map((config) => ({
	...config,
	files: config.files ? config.files.flatMap((file) => scanned.map((own) => [own, file])) : scanned,
}));

export default tseslint.config(
	{ ignores: ['dist/', 'coverage/', '.cache/'] },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: {
			parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/explicit-module-boundary-types': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
		},
	},
	...scannerRules,
);
