// Everything works without this. Leaving a form with text in it that is not stored asks first.
const forms = [...document.querySelectorAll("form[data-asks]")];
let isSent = false;

// A list that no option is marked in begins with its first one.
const isPreset = (list, option) =>
  [...list.options].some((one) => one.defaultSelected) ? option.defaultSelected : !list.multiple && option.index === 0;

// What differs from what the server sent: a text, a tick, an option, a file.
const isChanged = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.value !== "";
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== isPreset(field, option));
  return (field.tagName === "TEXTAREA" || field.tagName === "INPUT") && field.value !== field.defaultValue;
};

const isUnsaved = (form) => form.dataset.asks === "unsaved" || [...form.elements].some(isChanged);

document.addEventListener("submit", (event) => {
  isSent = forms.includes(event.target);
});
window.addEventListener("pageshow", () => {
  isSent = false;
});
window.addEventListener("beforeunload", (event) => {
  if (!isSent && forms.some(isUnsaved)) event.preventDefault();
});
