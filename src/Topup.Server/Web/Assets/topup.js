// What makes pages better where there is script. Nothing needs it.
document.addEventListener('click', event => {
  const copy = event.target.closest('[data-copy]');
  if (copy) {
    navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent.trim())
      .then(() => { copy.querySelector('[data-copied]').textContent = copy.dataset.done; });
  }
  const menu = event.target.closest('[data-menu]');
  if (menu) {
    const open = document.getElementById(menu.getAttribute('aria-controls')).classList.toggle('open');
    menu.setAttribute('aria-expanded', String(open));
  }
});

// What is asked before it is done.
document.addEventListener('submit', event => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

for (const choice of document.querySelectorAll('[data-submit-on-change]')) choice.addEventListener('change', () => choice.form.requestSubmit());

// What could not be refreshed stays as it is, and says so.
document.addEventListener('htmx:sendError', () => document.getElementById('offline')?.removeAttribute('hidden'));
document.addEventListener('htmx:afterOnLoad', () => document.getElementById('offline')?.setAttribute('hidden', ''));
