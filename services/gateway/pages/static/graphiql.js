"use strict";

// Opens the explorer with the example that the page names; the graph is asked at this address only.
(function () {
  const place = document.getElementById("graphiql");
  const nothingKept = { getItem: () => null, setItem: () => {}, removeItem: () => {}, clear: () => {}, length: 0 };
  const explorer = window.React.createElement(window.GraphiQL, {
    fetcher: window.GraphiQL.createFetcher({ url: "/graphql", wsClient: null }),
    defaultQuery: place.dataset.example,
    query: place.dataset.example,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    storage: nothingKept,
  });
  window.ReactDOM.createRoot(place).render(explorer);
})();
