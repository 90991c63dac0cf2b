import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';
import '../ui/values.css';
import './approval.css';
import './approval-footer.css';
import './approval-small.css';
import { ApprovalPage } from './approval-page.tsx';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<ApprovalPage />);
