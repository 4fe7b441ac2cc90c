/* The one script of our own: comfort on top of pages that work without it.
   It warns before idle sign-out, puts the cursor where work starts, and sends a form only once. */
(() => {
  "use strict";

  const body = document.body;

  /* The cursor where work starts: what was refused first, then the field to fill or scan. What was
     refused is brought into sight; else the page stays at its top, with what there is to do. */
  function focusFirst(root) {
    const target = root.querySelector("[data-focus]");
    if (!target) return;
    const refused = target.getAttribute("role") === "alert" || target.hasAttribute("aria-invalid");
    target.focus({ preventScroll: !refused });
    if (target.select && target.value) target.select();
  }

  /* On a low screen the list of places scrolls: where one is stays in sight. */
  const rail = document.querySelector(".rail nav");
  const here = rail && rail.querySelector("[aria-current]");
  if (here) {
    rail.scrollTop = Math.max(0, here.offsetTop + here.offsetHeight - rail.offsetTop - rail.clientHeight + 8);
  }

  /* A second press of the button must not send the same entry twice. The record would refuse the
     repeat by its command id; this only spares the person the question. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[method=post]") || form.matches("[hx-post]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const control of form.elements) {
      if (control.type === "submit") control.setAttribute("aria-disabled", "true");
    }
  });

  /* Files: their size is judged before they are sent, and how much is sent is shown. */
  let sending = false;
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-largest]")) return;
    let total = 0;
    for (const file of input.files) total += file.size;
    input.setCustomValidity(total > Number(input.dataset.largest) ? input.dataset.tooLarge : "");
    input.reportValidity();
  });

  function showSent(form, share) {
    const box = form.querySelector("[data-sending]");
    if (!box) return;
    box.hidden = false;
    box.querySelector("progress").value = share;
    box.querySelector("[data-sent]").textContent = `${Math.floor(share)} %`;
  }

  for (const [name, busy] of [["htmx:xhr:loadstart", true], ["htmx:xhr:loadend", false]]) {
    document.addEventListener(name, (event) => {
      if (event.target.matches("form[data-files]")) sending = busy;
    });
  }

  document.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total } = event.detail;
    if (event.target.matches("form[data-files]") && total) showSent(event.target, 100 * loaded / total);
  });

  /* A finding leads to its line in the text. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    const editor = document.getElementById(link.dataset.into);
    const lines = editor.value.split("\n");
    const before = lines.slice(0, Number(link.dataset.line) - 1).join("\n");
    const from = before.length + (before ? 1 : 0);
    editor.focus();
    editor.setSelectionRange(from, from + lines[Number(link.dataset.line) - 1].length);
    const height = parseFloat(getComputedStyle(editor).lineHeight);
    editor.scrollTop = height * (Number(link.dataset.line) - 1) - editor.clientHeight / 3;
  });

  /* Back in the browser's history shows the form again: it may be sent again. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  for (const link of document.querySelectorAll("[data-print]")) {
    link.addEventListener("click", () => window.print());
  }

  /* A panel that opens has the cursor where it is filled in. */
  for (const panel of document.querySelectorAll("[popover]")) {
    panel.addEventListener("toggle", (event) => {
      const first = panel.querySelector("[data-opens]");
      if (event.newState === "open" && first && !panel.hasAttribute("data-open")) first.focus();
    });
  }

  /* Open a popover that the server asked to be open (a refused form inside it). */
  for (const popover of document.querySelectorAll("[popover][data-open]")) popover.showPopover();

  /* Idle sign-out. The server decides; this only makes its countdown visible. */
  const idle = Number(body.dataset.idle || 0);
  if (idle) {
    const warnFor = Math.min(60, idle / 2);
    const strip = document.querySelector("[data-idle-strip]");
    const left = document.querySelector("[data-idle-left]");
    let lastContact = Date.now();
    let asking = false;

    async function keep() {
      if (asking) return;
      asking = true;
      try {
        const answer = await fetch(body.dataset.keep, { headers: { Accept: "application/json" } });
        if (answer.ok && !answer.redirected) {
          lastContact = Date.now();
          strip.hidden = true;
        }
      } finally {
        asking = false;
      }
    }

    /* Typing and touching are activity; tell the server at most once a minute. */
    for (const kind of ["keydown", "pointerdown"]) {
      document.addEventListener(kind, () => {
        const since = (Date.now() - lastContact) / 1000;
        if (since > 60 && since < idle) keep();
      }, { passive: true });
    }
    document.querySelector("[data-idle-stay]").addEventListener("click", keep);

    setInterval(() => {
      const remaining = Math.ceil(idle - (Date.now() - lastContact) / 1000);
      if (remaining <= 0 && sending) return; /* the server decides when all is sent */
      if (remaining <= 0) {
        window.location.assign(body.dataset.expired);
      } else if (remaining <= warnFor) {
        left.textContent = String(remaining);
        strip.hidden = false;
      }
    }, 1000);
  }

  for (const here of document.querySelectorAll(".tree [aria-current]")) {
    here.scrollIntoView({ block: "center" });
  }

  document.addEventListener("htmx:afterSwap", (event) => focusFirst(event.target));
  focusFirst(document);
})();
