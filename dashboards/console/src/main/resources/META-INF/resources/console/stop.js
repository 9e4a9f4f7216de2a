// SPDX-License-Identifier: Apache-2.0
// The kill switch: asks who and why, and sends everything, or the workload on the page, to its champion.
(() => {
  "use strict";

  const TIMEOUT_MS = 15000;
  const open = document.getElementById("stop-open");
  const dialog = document.getElementById("stop");
  const form = document.getElementById("stop-form");
  const send = document.getElementById("stop-send");
  const said = document.getElementById("stop-said");
  const one = document.getElementById("stop-one");
  const all = document.getElementById("stop-all");

  const shown = () => document.getElementById("workload")?.textContent.trim() ?? "";

  const say = (state, text) => {
    said.dataset.state = state;
    said.textContent = text;
  };

  const result = (answer) => {
    const stopped = answer.stopped.map((each) => each.workload).join(", ");
    const pending = answer.pending.length ? ` ${answer.pending.length} more follow with their next look.` : "";
    return `${stopped ? `At the champion: ${stopped}.` : "Nothing was away from its champion."}${pending} Nothing starts or is promoted until an admin lifts the stop.`;
  };

  const refusal = (status, problem) => {
    const why = [problem.title, problem.detail].filter(Boolean).join(": ");
    return status === 401 ? "This needs the token of an operator, an approver or an admin." : why || `the server answered ${status}`;
  };

  open.addEventListener("click", () => {
    const workload = shown();
    one.disabled = !workload;
    one.checked = Boolean(workload);
    all.checked = !workload;
    document.getElementById("stop-workload").textContent = workload || "none is shown";
    say("", "");
    dialog.showModal();
  });

  document.getElementById("stop-close").addEventListener("click", () => dialog.close());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const body = { who: fields.get("who"), why: fields.get("why") };
    if (one.checked) {
      body.workload = shown();
    }
    const headers = { "Content-Type": "application/json" };
    if (fields.get("token")) {
      headers.Authorization = `Bearer ${fields.get("token")}`;
    }
    send.disabled = true;
    say("busy", "Stopping …");
    try {
      const answer = await fetch("/api/v1/stops", {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const told = await answer.json().catch(() => ({}));
      say(answer.ok ? "done" : "failed", answer.ok ? result(told) : refusal(answer.status, told));
    } catch (error) {
      say("failed", `The server could not be reached (${error.message}). Use edgewise stop-all.`);
    } finally {
      send.disabled = false;
    }
  });

  open.hidden = false;
})();
