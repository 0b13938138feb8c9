// Runs the code of the page in Pyodide, with the wheel that lies beside the page.

const PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.29.0/full/pyodide.mjs";
const PACKAGES = ["numpy", "scipy", "scikit-learn", "micropip"];

const code = document.getElementById("browser-code");
const button = document.getElementById("browser-run");
const state = document.getElementById("browser-state");
const output = document.getElementById("browser-output");

let starting = null;

function write(line) {
  output.textContent += line + "\n";
}

async function start() {
  const { loadPyodide } = await import(PYODIDE);
  const python = await loadPyodide({ stdout: write, stderr: write });
  await python.loadPackage(PACKAGES);
  const wheels = new URL("wheels/", document.baseURI);
  const name = (await (await fetch(new URL("latest.txt", wheels))).text()).trim();
  const micropip = python.pyimport("micropip");
  await micropip.install.callKwargs(new URL(name, wheels).href, { deps: false });
  return python;
}

async function run() {
  button.disabled = true;
  output.textContent = "";
  try {
    state.textContent = starting ? "" : "Fetching Python, once …";
    starting ??= start();
    const python = await starting;
    state.textContent = "Running …";
    await python.runPythonAsync(code.value);
    state.textContent = "";
  } catch (error) {
    write(error.message);
    state.textContent = "";
    if (error.name !== "PythonError") {
      starting = null; // try to fetch again
    }
  } finally {
    button.disabled = false;
  }
}

button.addEventListener("click", run);
