// <topup-portal src="…" theme="dark" lang="es"></topup-portal> shows a tenant's credits in a page of the platform.
// <topup-button src="…" type="sms">Top up</topup-button> opens what there is to buy of one credit type.
// src is an address of the platform that makes a portal session and redirects to its link, or such a link itself.
// Each thing that happens is an event on the element, such as topup:purchase.credited. See docs/embed.md.
(() => {
  const server = new URL(document.currentScript.src).origin;
  const kinds = ['ready', 'resize', 'purchase.started', 'purchase.credited', 'session.expired', 'error'];
  const patience = 15000;
  const style = `:host { display: block } iframe { border: 0; width: 100%; min-height: 12rem; display: block; color-scheme: normal } [hidden] { display: none }
    a { display: inline-block; padding: .75rem 0; color: inherit }`;

  class Portal extends HTMLElement {
    static observedAttributes = ['src', 'theme', 'lang', 'page'];

    connectedCallback() {
      if (!this.shadowRoot) {
        const root = this.attachShadow({ mode: 'open' });
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(style);
        root.adoptedStyleSheets = [sheet];
        this.frame = document.createElement('iframe');
        this.frame.title = this.getAttribute('title') || 'Credits';
        this.frame.referrerPolicy = 'no-referrer';
        // What stands between the tags is for browsers where no frame works, and for those without script.
        this.fallback = document.createElement('div');
        this.fallback.hidden = true;
        this.link = document.createElement('a');
        this.link.target = '_blank';
        this.link.rel = 'noopener';
        this.fallback.append(document.createElement('slot'), this.link);
        root.append(this.frame, this.fallback);
      }
      this.listen = event => this.hear(event);
      addEventListener('message', this.listen);
      this.load();
    }

    disconnectedCallback() {
      removeEventListener('message', this.listen);
      clearTimeout(this.timer);
    }

    attributeChangedCallback(name, before, now) {
      if (!this.frame || before === now) return;
      if (name === 'theme' && this.isReady && (now === 'light' || now === 'dark')) this.frame.contentWindow.postMessage({ source: 'topup', v: 1, type: 'theme', theme: now }, server);
      else this.load();
    }

    load() {
      const src = this.getAttribute('src');
      if (!src) return;
      const url = new URL(src, document.baseURI);
      for (const name of ['theme', 'lang', 'page']) if (this.getAttribute(name)) url.searchParams.set(name, this.getAttribute(name));
      this.isReady = false;
      this.fallback.hidden = true;
      this.frame.hidden = false;
      this.link.href = url;
      this.link.textContent = this.getAttribute('fallback') || 'Open in a new tab';
      this.frame.src = url;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { if (!this.isReady) this.tell({ type: 'error', code: 'no_answer' }); }, patience);
    }

    // Only the frame of this element, only from the server that this script came from, only what is known.
    hear(event) {
      if (event.source !== this.frame.contentWindow || event.origin !== server) return;
      const message = event.data;
      if (message?.source !== 'topup' || message.v !== 1 || !kinds.includes(message.type)) return;
      this.tell(message);
    }

    tell(message) {
      const { type, code, height, purchase, url, credits, of } = message;
      const goesOn = this.dispatchEvent(new CustomEvent('topup:' + type, { bubbles: true, cancelable: true, composed: true, detail: { code, height, purchase, url, credits, type: of } }));
      if (type === 'ready') this.isReady = true;
      if (type === 'ready' || type === 'resize') this.fallback.hidden = true;
      if (type === 'resize' && height > 0 && height < 100000) this.frame.style.height = height + 'px';
      if (type === 'error') this.fallback.hidden = false;
      if (!goesOn) return;
      // Nobody pays in a frame.
      if (type === 'purchase.started' && /^https?:\/\//.test(url)) location.assign(url);
      // An address of the platform makes a new session; a link was used.
      if (type === 'session.expired') {
        if (this.isReady && new URL(this.link.href).origin !== server) this.load();
        else this.fallback.hidden = false;
      }
    }
  }

  class Button extends HTMLElement {
    connectedCallback() {
      if (this.button) return;
      const root = this.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`button { font: inherit; min-height: 40px; padding: .5rem 1rem; cursor: pointer } dialog { width: min(60rem, 92vw); max-height: 92vh; border: 0; border-radius: .5rem; padding: 1rem }
        dialog::backdrop { background: rgb(0 0 0 / .5) } .close { float: inline-end }`);
      root.adoptedStyleSheets = [sheet];
      this.button = document.createElement('button');
      this.button.part = 'button';
      this.button.append(document.createElement('slot'));
      if (!this.textContent.trim()) this.textContent = 'Top up';
      this.button.addEventListener('click', () => this.open());
      root.append(this.button);
    }

    open() {
      const dialog = document.createElement('dialog');
      const close = document.createElement('button');
      const portal = document.createElement('topup-portal');
      close.className = 'close';
      close.textContent = this.getAttribute('close') || '×';
      close.setAttribute('aria-label', this.getAttribute('close') || 'Close');
      close.addEventListener('click', () => dialog.close());
      for (const name of ['src', 'theme', 'lang', 'fallback']) if (this.getAttribute(name)) portal.setAttribute(name, this.getAttribute(name));
      portal.setAttribute('page', this.getAttribute('type') ? 'top-up/' + this.getAttribute('type') : '');
      dialog.append(close, portal);
      dialog.addEventListener('close', () => { dialog.remove(); this.button.focus(); });
      this.shadowRoot.append(dialog);
      dialog.showModal();
    }
  }

  customElements.define('topup-portal', Portal);
  customElements.define('topup-button', Button);
})();
