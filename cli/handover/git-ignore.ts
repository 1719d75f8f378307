/** `.gitignore`: what Terraform and the README's commands leave in the folder, and what may hold secrets. */
export const GIT_IGNORE = `.terraform/
*.tfstate
*.tfstate.*
*.tfvars
*.tfplan
filled-deploy-policy*.json
`;
