// What html-validate asks of every built page: all that it recommends, and where we differ, why.
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    // A matter of taste, and ours is the other one.
    "doctype-style": ["error", { style: "lowercase" }],
    // The parser that cleans raw HTML writes `open=""`, which means the same.
    "attribute-boolean-style": "off",
    // Nothing comes from another host; a file that somebody can change on ours has its hash on a page that they can change as well.
    "require-sri": "off",
    // A heading's id is GitHub's anchor of its text, and that may begin with a number.
    "valid-id": ["error", { relaxed: true }],
    // A list below a text field narrows while one types; a native list does not.
    "prefer-native-element": ["error", { exclude: ["listbox"] }],
    // The style sheet keeps a number on one line.
    "tel-non-breaking": "off",
    // The length of a title is its author's business.
    "long-title": "off",
  },
};

/** What authors may write as raw HTML, and the standard would rather not have. */
export const SPARED = [/^Attribute "align" is deprecated on <p> element$/, /^<th> element must have a valid scope attribute/];
