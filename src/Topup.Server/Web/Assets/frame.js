// Tells the page around a frame what happens in it: what it may know, and only the origin that may frame it.
{
  const script = document.currentScript;
  const around = window.location.ancestorOrigins?.[0];
  const hosts = script.dataset.hosts.split(' ').filter(host => host && (!around || host === around));
  if (window.parent !== window && hosts.length) {
    const tell = message => hosts.forEach(host => window.parent.postMessage({ source: 'topup', v: 1, ...message }, host));
    const root = document.querySelector('[data-frame]') ?? document.querySelector('main');
    let height = 0;
    const measure = () => {
      const now = Math.ceil(root.getBoundingClientRect().bottom + window.scrollY);
      if (now !== height) tell({ type: 'resize', height: height = now });
    };
    const told = new WeakSet();
    const news = () => {
      for (const element of document.querySelectorAll('[data-tell]')) {
        if (told.has(element)) continue;
        told.add(element);
        const { tell: type, code, purchase, url, credits, of } = element.dataset;
        tell(JSON.parse(JSON.stringify({ type, code, purchase, url, credits, of })));
      }
    };
    document.documentElement.classList.add('in-frame');
    new ResizeObserver(measure).observe(root);
    if (document.querySelector('[data-frame]')) tell({ type: 'ready' });
    measure();
    news();
    document.addEventListener('htmx:afterSettle', news);
    // The page around it may say which theme it has now.
    window.addEventListener('message', event => {
      if (event.source !== window.parent || !hosts.includes(event.origin)) return;
      const { source, v, type, theme } = event.data ?? {};
      if (source === 'topup' && v === 1 && type === 'theme' && (theme === 'light' || theme === 'dark')) document.documentElement.setAttribute('data-bs-theme', theme);
    });
  }
}
