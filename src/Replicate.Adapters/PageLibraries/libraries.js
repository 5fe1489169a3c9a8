// What the page of a report finds as the global `lib`.
export { h, render, Fragment, createContext, Component } from 'preact';
export { useState, useEffect, useLayoutEffect, useRef, useMemo } from 'preact/hooks';
export { default as uPlot } from 'uplot';
export { default as plotStyle } from 'uplot/dist/uPlot.min.css';
export { diffArrays, diffWordsWithSpace } from 'diff';
export { csvParseRows, tsvParseRows } from 'd3-dsv';
export { scaleLinear, scaleLog } from 'd3-scale';

import { createLowlight } from 'lowlight';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import julia from 'highlight.js/lib/languages/julia';
import lua from 'highlight.js/lib/languages/lua';
import matlab from 'highlight.js/lib/languages/matlab';
import powershell from 'highlight.js/lib/languages/powershell';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import yaml from 'highlight.js/lib/languages/yaml';

export const lowlight = createLowlight({
  bash, cpp, csharp, dockerfile, go, ini, java, javascript, json, julia, lua, matlab, powershell, python, r, rust, sql, yaml,
});
