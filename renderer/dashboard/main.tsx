import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/controls.css';
import '../ui/values.css';
import './dashboard.css';
import './forms.css';
import './lists.css';
import './review.css';
import { DashboardPage } from './dashboard-page.tsx';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<DashboardPage />);
