/** The documentation of the calls, drawn from the document that the server makes of itself. */
addEventListener('DOMContentLoaded', () => {
  globalThis.SwaggerUIBundle({
    url: '/api/v1/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    docExpansion: 'list',
    persistAuthorization: false,
    validatorUrl: null,
  });
});
