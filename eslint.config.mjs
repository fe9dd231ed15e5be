import js from "@eslint/js";
import globals from "globals";

export default [
    { ignores: [".local/**", "node_modules/**"] },
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", owl: "readonly", Chart: "readonly" },
        },
        rules: {
            ...js.configs.recommended.rules,
            "no-console": "error",
            "no-var": "error",
            "prefer-const": "error",
            eqeqeq: "error",
            "no-unused-vars": ["error", { args: "after-used" }],
        },
    },
];
