// Before anything is painted: whoever has chosen no theme gets that of their system.
if (document.documentElement.dataset.theme === 'auto') {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.setAttribute('data-bs-theme', dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', apply);
  apply();
}
