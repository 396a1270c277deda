// Before anything is painted, so that nothing moves or flickers: what stands open only where there is no script is closed, and whoever
// has chosen no theme gets that of their system.
document.documentElement.classList.add('scripted');
addEventListener('error', event => { if (event.target.tagName === 'SCRIPT') document.documentElement.classList.remove('scripted'); }, true);
if (document.documentElement.dataset.theme === 'auto') {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.setAttribute('data-bs-theme', dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', apply);
  apply();
}
